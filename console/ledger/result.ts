// SPDX-License-Identifier: Apache-2.0
//
// Tokens of results: JSON Web Signatures with Ed25519, verified by the browser alone.
import { type Bytes, fail, fromBase64 } from './bytes';
import { readLogKey } from './checkpoint';
import { verifiesEd25519 } from './crypto';

/** What the issuer signed. The names of services are not text of ours: show them as they are. */
export type VerifiedResult = { claims: Record<string, unknown>; issuedAt: Date; endsAt: Date };

const kTokenMost = 64 * 1024;
const kType = 'kstati-result+jwt';
const kSignatureBytes = 64;

function fromBase64Url(text: string, what: string): Bytes {
  if (/[+/=]/.test(text)) fail(`${what} is not base64url`);
  const padded = text.replaceAll('-', '+').replaceAll('_', '/');
  return fromBase64(padded.padEnd(Math.ceil(padded.length / 4) * 4, '='), what);
}

function readObject(bytes: Bytes, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    fail(`${what} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail(`${what} is not an object`);
  }
  return value as Record<string, unknown>;
}

function moment(value: unknown, what: string): Date {
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? new Date(value * 1000)
    : fail(`${what} is not a moment`);
}

/**
 * The claims of a token that the issuer's key (NAME+KEYID+BASE64) signed and that is valid at
 * `now`. Throws NotVerified when it is not. Whether the result was revoked since the token was
 * issued it cannot tell: that is why tokens end soon.
 */
export async function verifyResultToken(
  token: string,
  keyText: string,
  now: Date,
): Promise<VerifiedResult> {
  if (token.length > kTokenMost) fail('the token is too long');
  const [head = '', body = '', signed, ...rest] = token.trim().split('.');
  if (signed === undefined || rest.length > 0) fail('the token has not three parts');
  const header = readObject(fromBase64Url(head, 'the header'), 'the header');
  if (header.alg !== 'EdDSA' || header.typ !== kType) fail('the token is no result');
  const claims = readObject(fromBase64Url(body, 'the payload'), 'the payload');
  const signature = fromBase64Url(signed, 'the signature');
  if (signature.length !== kSignatureBytes) fail('the signature is not Ed25519');
  const { key } = await readLogKey(keyText.trim());
  if (!(await verifiesEd25519(key, `${head}.${body}`, signature))) {
    fail('the key did not sign this token');
  }
  const issuedAt = moment(claims.iat, 'iat');
  const endsAt = moment(claims.exp, 'exp');
  if (now < issuedAt || now >= endsAt) fail('the token is not valid at this moment');
  return { claims, issuedAt, endsAt };
}
