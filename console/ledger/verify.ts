// SPDX-License-Identifier: Apache-2.0
//
// Verifies what the ledger gives a person, in the person's own browser: with code that shares
// nothing with the server, on the browser's own SHA-256 and Ed25519.
//
//   const key = await readLogKey('ledger.example/1+...');
//   const { checkpoint } = await verifyReceipt(receipt, key);
//   await accept(localStorage, key, checkpoint.note, fetchProof);
export { NotVerified } from './bytes';
export { type Checkpoint, type LogKey, openCheckpoint, readLogKey } from './checkpoint';
export { CannotVerify } from './crypto';
export {
  type Entry, type EntryKind, entryKinds, type VerifiedReceipt, verifyConsistency, verifyReceipt,
} from './documents';
export { accept, lastSeen, NotConsistent } from './seen';
