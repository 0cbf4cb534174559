// SPDX-License-Identifier: Apache-2.0
//
// The browser's own cryptography.
import { type Bytes, concat, utf8 } from './bytes';

/** This browser cannot verify, whatever it is given. `reason` selects the words for the person. */
export class CannotVerify extends Error {
  override name = 'CannotVerify';
  constructor(readonly reason: 'insecure_page' | 'no_ed25519') {
    super(
      reason === 'insecure_page'
        ? 'the browser offers its cryptography only to pages loaded over https'
        : 'this browser is too old to check Ed25519 signatures: use a newer one, or the command ' +
            'kstati ledger verify',
    );
  }
}

function subtle(): SubtleCrypto {
  const found = globalThis.crypto?.subtle;
  if (!found) throw new CannotVerify('insecure_page');
  return found;
}

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await subtle().digest('SHA-256', concat(...parts)));
}

const kLeaf = Uint8Array.of(0);
const kNode = Uint8Array.of(1);

/** RFC 9162, 2.1.1. */
export const leafHash = (entry: Uint8Array) => sha256(kLeaf, entry);
export const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(kNode, left, right);

export async function verifiesEd25519(
  key: Bytes, text: string, signature: Bytes,
): Promise<boolean> {
  let imported: CryptoKey;
  try {
    imported = await subtle().importKey('raw', key, 'Ed25519', false, ['verify']);
  } catch (problem) {
    if (!(problem instanceof DOMException)) throw problem;
    if (problem.name === 'NotSupportedError') throw new CannotVerify('no_ed25519');
    return false; // no point of the curve
  }
  return subtle().verify('Ed25519', imported, signature, utf8(text));
}
