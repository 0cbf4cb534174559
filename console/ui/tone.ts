// SPDX-License-Identifier: Apache-2.0
export type Tone = 'plain' | 'info' | 'good' | 'maybe' | 'bad';
