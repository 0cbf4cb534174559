// SPDX-License-Identifier: Apache-2.0
//
// Texts that stand for bytes. Every reader accepts one spelling and no other: two texts that mean
// the same are the same.

/** What was given does not verify. `message` says why, in words for developers. */
export class NotVerified extends Error {
  override name = 'NotVerified';
}

export type Bytes = Uint8Array<ArrayBuffer>;

const kNumberMost = 2n ** 63n - 1n;

export function fail(problem: string): never {
  throw new NotVerified(problem);
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;

export function concat(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Lower-case digits. */
export function fromHex(text: string, what: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) fail(`${what} is not hexadecimal`);
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Padded, unused bits zero. */
export function fromBase64(text: string, what: string): Bytes {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    fail(`${what} is not base64`);
  }
  if (btoa(binary) !== text) fail(`${what} is not base64 as it is written`);
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

/** Decimal, below 2^63. */
export function parseNumber(text: string, what: string): bigint {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text)) fail(`${what} is not a number`);
  const number = BigInt(text);
  return number <= kNumberMost ? number : fail(`${what} is too large`);
}
