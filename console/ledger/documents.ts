// SPDX-License-Identifier: Apache-2.0
//
// Receipts and proofs of consistency: canonical JSON, as docs/internals/formats.md has it.
import { type Bytes, equal, fail, fromHex, parseNumber, utf8 } from './bytes';
import { type Checkpoint, type LogKey, openCheckpoint } from './checkpoint';
import { leafHash, sha256 } from './crypto';
import { provesConsistency, provesInclusion } from './merkle';

export const entryKinds = [
  'consent_given', 'consent_changed', 'consent_revoked', 'access', 'evaluation', 'disclosure',
  'decision', 'message_suppressed', 'erasure',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What an entry says without its salts. */
export type Entry = {
  kind: EntryKind;
  at: Date;
  citizen: Bytes;
  /** Of this citizen's entries, from 1: no number may be missing. */
  number: bigint;
  content: Bytes;
};

export type VerifiedReceipt = {
  entry: Entry;
  citizen: string;
  content: string;
  index: bigint;
  checkpoint: Checkpoint;
};

const kDocumentMost = 1 << 20;
const kPathMost = 64;
const kReceipt = [
  'checkpoint', 'citizen', 'citizen_salt', 'content', 'content_salt', 'entry', 'format', 'index',
  'path',
];
const kConsistency = ['first', 'format', 'path', 'second'];

type Members = { text: (name: string) => string; path: Bytes[] };

/** The members of a document in the only spelling it may have: these, in this order, no blanks. */
function read(text: string, names: string[], format: string): Members {
  if (text.length > kDocumentMost) fail('the document is too long');
  let found: Record<string, unknown>;
  try {
    found = JSON.parse(text);
  } catch {
    fail('the document is not JSON');
  }
  const written = JSON.stringify(Object.fromEntries(names.map((name) => [name, found?.[name]])));
  if (written !== text) fail('the document is not in its canonical form');
  for (const name of names.filter((each) => each !== 'path')) {
    const value = found[name];
    if (typeof value !== 'string' || !isText(value)) fail(`${name} is not a text`);
  }
  if (found.format !== format) fail(`the document is not a ${format}`);
  return { text: (name) => found[name] as string, path: readPath(found.path) };
}

/** Whether UTF-8 can hold it: half of a surrogate pair would be hashed as something else. */
const isText = (value: string) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8(value)) === value;

function readPath(path: unknown): Bytes[] {
  if (!Array.isArray(path) || path.length > kPathMost) fail('the path is not a list of hashes');
  return path.map((item) => {
    const hash = typeof item === 'string' ? fromHex(item, 'the path') : fail('the path is no text');
    return hash.length === 32 ? hash : fail('the path has something that is not a hash');
  });
}

/** The 82 bytes of an entry. */
export function readEntry(bytes: Bytes): Entry {
  if (bytes.length !== 82) fail('the entry does not have 82 bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const kind = entryKinds[view.getUint8(1) - 1];
  const micros = view.getBigInt64(2);
  const number = view.getBigInt64(42);
  if (view.getUint8(0) !== 1) fail('the entry has a form that this page does not know');
  if (kind === undefined) fail('the entry has no known kind');
  if (micros < 0n) fail('the entry has no moment');
  if (number < 1n) fail('the entry has no number of its citizen');
  return {
    kind,
    at: new Date(Number(micros / 1000n)),
    citizen: bytes.slice(10, 42),
    number,
    content: bytes.slice(50),
  };
}

async function commits(salt: string, text: string, what: string): Promise<Bytes> {
  const bytes = fromHex(salt, what);
  return bytes.length === 32 ? sha256(bytes, utf8(text)) : fail(`${what} does not have 32 bytes`);
}

/** That the log's signed tree contains the receipt's entry, which is about this citizen and commits
    to this content. Throws NotVerified when it does not, CannotVerify when the browser cannot. */
export async function verifyReceipt(text: string, key: LogKey): Promise<VerifiedReceipt> {
  const receipt = read(text, kReceipt, 'kstati-ledger-receipt/1');
  const checkpoint = await openCheckpoint(receipt.text('checkpoint'), key);
  const bytes = fromHex(receipt.text('entry'), 'the entry');
  const entry = readEntry(bytes);
  const citizen = receipt.text('citizen');
  const content = receipt.text('content');
  if (!/^(?!0{12})[0-9]{12}$/.test(citizen)) fail('the receipt names no citizen');
  const ofCitizen = await commits(receipt.text('citizen_salt'), citizen, "the citizen's salt");
  if (!equal(ofCitizen, entry.citizen)) fail('the entry is not about this citizen');
  const ofContent = await commits(receipt.text('content_salt'), content, "the content's salt");
  if (!equal(ofContent, entry.content)) fail('the entry is not about this content');
  const index = parseNumber(receipt.text('index'), 'the index');
  const leaf = await leafHash(bytes);
  const { size, root } = checkpoint;
  if (!(await provesInclusion(index, size, leaf, receipt.path, root))) {
    fail('the entry is not in the ledger that was signed');
  }
  return { entry, citizen, content, index, checkpoint };
}

/** That both checkpoints are the log's, and that the second tree begins with the first. */
export async function verifyConsistency(
  text: string, key: LogKey,
): Promise<{ first: Checkpoint; second: Checkpoint }> {
  const proof = read(text, kConsistency, 'kstati-ledger-consistency/1');
  const first = await openCheckpoint(proof.text('first'), key);
  const second = await openCheckpoint(proof.text('second'), key);
  if (!(await provesConsistency(first, second, proof.path))) {
    fail(`${second.size} entries are not proved to begin with the first ${first.size}`);
  }
  return { first, second };
}
