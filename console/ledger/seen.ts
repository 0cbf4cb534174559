// SPDX-License-Identifier: Apache-2.0
//
// What this browser saw of a log: its last checkpoint. A log that shows one history to one person
// and another to the next, or that drops what it had, is caught by whoever remembers.
import { equal, NotVerified } from './bytes';
import { type Checkpoint, type LogKey, openCheckpoint } from './checkpoint';
import { verifyConsistency } from './documents';

/** Two signed checkpoints of one log that cannot both be true (of one size, with two roots), or that
    the log could not prove to go together: evidence to keep and to show. */
export class NotConsistent extends NotVerified {
  override name = 'NotConsistent';
  constructor(readonly seen: Checkpoint, readonly shown: Checkpoint, reason: string) {
    super(
      `the ledger of ${shown.size} entries and the one of ${seen.size} entries that this browser ` +
        `saw before do not belong together: ${reason}`,
    );
  }
}

const slot = (key: LogKey) => `kstati.ledger.${key.name}`;

/** The last checkpoint this browser saw; undefined when there is none. Throws NotVerified when
    what is stored is not a checkpoint of the log. */
export async function lastSeen(storage: Storage, key: LogKey): Promise<Checkpoint | undefined> {
  const note = storage.getItem(slot(key));
  if (note === null) return undefined;
  try {
    return await openCheckpoint(note, key);
  } catch (problem) {
    if (!(problem instanceof NotVerified)) throw problem;
    throw new NotVerified(
      `what this browser saw of the ledger ${key.name} before was signed with another key, or is ` +
        `damaged: ${problem.message}`,
    );
  }
}

/** Takes a checkpoint for true only if it goes together with the last one seen, and remembers the
    larger. `fetchProof(first, second)` gets the proof of consistency between the two, as the log
    writes it. Throws NotConsistent when the two do not go together. */
export async function accept(
  storage: Storage, key: LogKey, note: string,
  fetchProof: (first: Checkpoint, second: Checkpoint) => Promise<string>,
): Promise<Checkpoint> {
  const shown = await openCheckpoint(note, key);
  const seen = await lastSeen(storage, key);
  if (seen) await checkTogether(seen, shown, key, fetchProof);
  if (!seen || shown.size > seen.size) storage.setItem(slot(key), note);
  return shown;
}

async function checkTogether(
  seen: Checkpoint, shown: Checkpoint, key: LogKey,
  fetchProof: (first: Checkpoint, second: Checkpoint) => Promise<string>,
): Promise<void> {
  if (seen.size === shown.size) {
    if (equal(seen.root, shown.root)) return;
    throw new NotConsistent(seen, shown, 'their roots differ');
  }
  const [first, second] = seen.size < shown.size ? [seen, shown] : [shown, seen];
  const document = await fetchProof(first, second);
  try {
    const proved = await verifyConsistency(document, key);
    const isAboutThese =
      proved.first.size === first.size && equal(proved.first.root, first.root) &&
      proved.second.size === second.size && equal(proved.second.root, second.root);
    if (isAboutThese) return;
  } catch (problem) {
    if (!(problem instanceof NotVerified)) throw problem;
    throw new NotConsistent(seen, shown, problem.message);
  }
  throw new NotConsistent(seen, shown, 'the proof is about other checkpoints');
}
