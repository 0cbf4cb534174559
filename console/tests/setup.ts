// SPDX-License-Identifier: Apache-2.0
//
// Node 18 keeps from its pages what every browser gives them.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto as Crypto;
