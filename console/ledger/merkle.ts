// SPDX-License-Identifier: Apache-2.0
//
// The proofs of RFC 9162. The names fn, sn, r, fr and sr are the RFC's.
import { equal } from './bytes';
import { nodeHash, sha256 } from './crypto';

const isOdd = (number: bigint) => (number & 1n) === 1n;

/** 2.1.3.2: whether the path proves that the leaf is number `index` of the tree. */
export async function provesInclusion(
  index: bigint, size: bigint, leaf: Uint8Array, path: Uint8Array[], root: Uint8Array,
): Promise<boolean> {
  if (index >= size) return false;
  let fn = index;
  let sn = size - 1n;
  let r = leaf;
  for (const p of path) {
    if (sn === 0n) return false;
    if (isOdd(fn) || fn === sn) {
      r = await nodeHash(p, r);
      while (!isOdd(fn) && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      r = await nodeHash(r, p);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && equal(r, root);
}

export type Tree = { size: bigint; root: Uint8Array };

/** 2.1.4.2: whether the path proves that the second tree begins with the first. Beyond the RFC, two
    trees of one size are proved by an empty path, and every tree begins with the empty one. */
export async function provesConsistency(
  first: Tree, second: Tree, path: Uint8Array[],
): Promise<boolean> {
  if (first.size > second.size) return false;
  if (first.size === second.size) return path.length === 0 && equal(first.root, second.root);
  if (first.size === 0n) return path.length === 0 && equal(first.root, await sha256());
  const isPowerOfTwo = (first.size & (first.size - 1n)) === 0n;
  const [start, ...rest] = isPowerOfTwo ? [first.root, ...path] : path;
  if (start === undefined || path.length === 0) return false;
  let fn = first.size - 1n;
  let sn = second.size - 1n;
  while (isOdd(fn)) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let fr = start;
  let sr = start;
  for (const c of rest) {
    if (sn === 0n) return false;
    if (isOdd(fn) || fn === sn) {
      fr = await nodeHash(c, fr);
      sr = await nodeHash(c, sr);
      while (!isOdd(fn) && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      sr = await nodeHash(sr, c);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && equal(fr, first.root) && equal(sr, second.root);
}
