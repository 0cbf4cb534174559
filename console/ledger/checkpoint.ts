// SPDX-License-Identifier: Apache-2.0
//
// C2SP signed notes with a checkpoint: origin, size, root, an empty line, signatures.
import { type Bytes, equal, fail, fromBase64, fromHex, parseNumber, utf8 } from './bytes';
import { sha256, verifiesEd25519 } from './crypto';

/** The public key of a log, which also names the log. */
export type LogKey = { name: string; id: Bytes; key: Bytes };
export type Checkpoint = { size: bigint; root: Bytes; note: string };

const kEd25519 = 1;
const kIdBytes = 4;
const kKeyBytes = 32;
const kSignatureBytes = 64;
const kNoteMost = 16 * 1024;
const kSignaturesMost = 16;
const kName = /^[!-*,-~]{1,300}$/;

/** From NAME+KEYID+BASE64. Throws NotVerified when it is not one. */
export async function readLogKey(text: string): Promise<LogKey> {
  const [name = '', idText = '', ...rest] = text.split('+');
  if (!kName.test(name) || rest.length === 0) fail('the key is not NAME+KEYID+BASE64');
  const id = fromHex(idText, 'the key id');
  const bytes = fromBase64(rest.join('+'), 'the key');
  if (bytes.length !== 1 + kKeyBytes || bytes[0] !== kEd25519) fail('the key is not Ed25519');
  const hash = await sha256(utf8(`${name}\n`), bytes);
  if (!equal(hash.subarray(0, kIdBytes), id)) fail('the key id does not belong to the key');
  return { name, id, key: bytes.slice(1) };
}

/** Signature of the log in a line, or undefined when it is somebody else's. */
function signatureOf(key: LogKey, line: string): Bytes | undefined {
  const [dash, name = '', encoded, ...rest] = line.split(' ');
  if (dash !== '\u2014' || !kName.test(name) || encoded === undefined || rest.length > 0) {
    fail('a signature of the checkpoint is not one');
  }
  const bytes = fromBase64(encoded, 'a signature of the checkpoint');
  if (bytes.length <= kIdBytes) fail('a signature of the checkpoint is too short');
  const isOurs = name === key.name && equal(bytes.subarray(0, kIdBytes), key.id);
  return isOurs ? bytes.slice(kIdBytes) : undefined;
}

async function checkSignatures(text: string, lines: string[], key: LogKey): Promise<void> {
  if (lines.length > kSignaturesMost) fail('the checkpoint has too many signatures');
  let verified = false;
  for (const line of lines) {
    const signature = signatureOf(key, line);
    if (!signature) continue;
    const holds =
      signature.length === kSignatureBytes && (await verifiesEd25519(key.key, text, signature));
    if (!holds) fail("the log's signature of the checkpoint is wrong");
    verified = true;
  }
  if (!verified) fail("the checkpoint is not signed with the log's key");
}

/** The checkpoint in a note that the log has signed. Throws NotVerified when it is not one. */
export async function openCheckpoint(note: string, key: LogKey): Promise<Checkpoint> {
  if (utf8(note).length > kNoteMost) fail('the checkpoint is too long');
  const [origin, sizeText = '', rootText = '', gap, ...rest] = note.split('\n');
  if (origin !== key.name) fail('the checkpoint is not of this log');
  const size = parseNumber(sizeText, "the checkpoint's size");
  const root = fromBase64(rootText, "the checkpoint's root");
  if (root.length !== 32) fail("the checkpoint's root is not a hash");
  if (gap !== '') fail('the checkpoint has no empty line after the root');
  if (rest.pop() !== '') fail("the checkpoint's last line is not finished");
  await checkSignatures(`${origin}\n${sizeText}\n${rootText}\n`, rest, key);
  return { size, root, note };
}
