// SPDX-License-Identifier: Apache-2.0
//
// The browser's verifier on what the server writes (tests/unit/ledger/golden), and on everything
// that differs from it in one bit.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accept, CannotVerify, type Checkpoint, lastSeen, NotConsistent, NotVerified, openCheckpoint,
  readLogKey, verifyConsistency, verifyReceipt } from '../ledger/verify';
import { readAbove } from './files';

const vectors = JSON.parse(readAbove('tests/unit/ledger/golden/vectors.json')) as {
  key: string;
  other_key: string;
  forked: string;
  checkpoints: string[];
  consistency: Record<string, string>;
  receipts: string[];
  kinds: string[];
  moments: string[];
  numbers: string[];
  contents: string[];
};
const key = await readLogKey(vectors.key);
const receipt = vectors.receipts[6]!;
const checkpoint = (size: number) => vectors.checkpoints[size]!;
const proof = (first: number, second: number) => vectors.consistency[`${first}-${second}`]!;

async function whyRefused(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (problem) {
    expect(problem).toBeInstanceOf(NotVerified);
    return (problem as Error).message;
  }
  throw new Error('was accepted');
}

/** The text with one bit of each byte flipped, another one at each; no text but bytes become the
    character that stands for what is no UTF-8. */
function* mutations(text: string): Generator<string> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += 1) {
    const mutated = bytes.slice();
    mutated[at]! ^= 1 << (at % 8);
    yield new TextDecoder('utf-8', { ignoreBOM: true }).decode(mutated);
  }
}

describe('a receipt', () => {
  it('is verified for every entry, and tells what it says', async () => {
    for (const [index, text] of vectors.receipts.entries()) {
      const verified = await verifyReceipt(text, key);
      expect(verified.index).toBe(BigInt(index));
      expect(verified.checkpoint.size).toBe(11n);
      expect(verified.content).toBe(vectors.contents[index]);
      expect(verified.entry.kind).toBe(vectors.kinds[index]);
      expect(verified.entry.number).toBe(BigInt(vectors.numbers[index]!));
      const moment = new Date(vectors.moments[index]!);
      expect(Math.floor(verified.entry.at.getTime() / 1000))
        .toBe(Math.floor(moment.getTime() / 1000));
    }
  });

  it('is refused with a bit changed anywhere', async () => {
    for (const mutated of mutations(receipt)) {
      await whyRefused(() => verifyReceipt(mutated, key));
    }
  });

  it('is refused when it is cut anywhere', async () => {
    for (let length = 0; length < receipt.length; length += 1) {
      await whyRefused(() => verifyReceipt(receipt.slice(0, length), key));
    }
  });

  it.each([
    ['a blank', (text: string) => text.replace(',', ', ')],
    ['a line end', (text: string) => `${text}\n`],
    ['another escape', (text: string) => text.replace('\\t', '\\u0009')],
    ['an escape that is not needed', (text: string) => text.replace('ф', '\\u0444')],
    ['a number as number', (text: string) => text.replace('"index":"6"', '"index":6')],
    ['a leading zero', (text: string) => text.replace('"index":"6"', '"index":"06"')],
    ['a member twice', (text: string) => text.replace('{', '{"checkpoint":"",')],
    ['one member more', (text: string) => text.replace(/}$/, ',"x":""}')],
    ['half of a pair', (text: string) => text.replace('ф', '\\ud800')],
    ['null instead', () => 'null'],
    ['too much of it', () => `{"checkpoint":"${'x'.repeat(2 << 20)}"}`],
  ])('is refused with %s', async (_, change) => {
    const changed = change(receipt);
    expect(changed).not.toBe(receipt);
    await whyRefused(() => verifyReceipt(changed, key));
  });

  it.each([
    ['another citizen', (form: Form) => (form.citizen = '000000000099'), 'not about this citizen'],
    ['another content', (form: Form) => (form.content = '{}'), 'not about this content'],
    ['a short salt', (form: Form) => (form.content_salt = '00'), '32 bytes'],
    ['another index', (form: Form) => (form.index = '5'), 'not in the ledger'],
    ['an index behind the end', (form: Form) => (form.index = '11'), 'not in the ledger'],
    ['a shorter path', (form: Form) => (form.path as string[]).pop(), 'not in the ledger'],
    ['a smaller tree', (form: Form) => (form.checkpoint = checkpoint(10)), 'not in the ledger'],
    ['a long path', (form: Form) => (form.path = Array(65).fill('00'.repeat(32))), 'the path'],
    ['no list', (form: Form) => (form.path = ''), 'the path is not a list'],
    ['an unknown kind', (form: Form) => (form.entry = '01ff' + '00'.repeat(80)), 'no known kind'],
    ['an unknown form', (form: Form) => (form.entry = '02' + '01'.repeat(81)), 'a form that'],
    ['a short entry', (form: Form) => (form.entry = '01'), '82 bytes'],
    ['another format', (form: Form) => (form.format = 'other/1'), 'is not a kstati-ledger-receipt'],
  ])('is refused with %s', async (_, change, words) => {
    const form = JSON.parse(receipt) as Form;
    change(form);
    expect(await whyRefused(() => verifyReceipt(JSON.stringify(form), key))).toContain(words);
  });

  it('of another key is refused', async () => {
    const other = await readLogKey(vectors.other_key);
    expect(await whyRefused(() => verifyReceipt(receipt, other))).toContain('not signed');
  });
});

type Form = Record<string, unknown>;

describe('a proof of consistency', () => {
  it('is verified for every pair', async () => {
    for (const [pair, text] of Object.entries(vectors.consistency)) {
      const { first, second } = await verifyConsistency(text, key);
      expect(`${first.size}-${second.size}`).toBe(pair);
    }
  });

  it('is refused with a bit changed anywhere', async () => {
    for (const mutated of mutations(proof(6, 11))) {
      await whyRefused(() => verifyConsistency(mutated, key));
    }
  });

  it('is refused backwards', async () => {
    const form = JSON.parse(proof(4, 9)) as Form;
    [form.first, form.second] = [form.second, form.first];
    await whyRefused(() => verifyConsistency(JSON.stringify(form), key));
  });
});

describe('a checkpoint', () => {
  it('is refused with a bit changed anywhere', async () => {
    for (const mutated of mutations(checkpoint(5))) {
      await whyRefused(() => openCheckpoint(mutated, key));
    }
  });

  it('may bear signatures of others', async () => {
    const line = `\u2014 witness.example ${btoa('x'.repeat(76))}\n`;
    expect((await openCheckpoint(checkpoint(5) + line, key)).size).toBe(5n);
    const many = checkpoint(5) + line.repeat(16);
    expect(await whyRefused(() => openCheckpoint(many, key))).toContain('too many signatures');
  });

  it('is refused with a line after the root', async () => {
    const longer = checkpoint(5).replace('\n\n', '\nmore\n\n');
    expect(await whyRefused(() => openCheckpoint(longer, key))).toContain('empty line');
  });
});

it('a key is refused with a bit changed anywhere', async () => {
  for (const mutated of mutations(vectors.key)) await whyRefused(() => readLogKey(mutated));
});

describe('what the browser saw', () => {
  let storage: Storage;
  const fetchProof = vi.fn(async (first: Checkpoint, second: Checkpoint) =>
    proof(Number(first.size), Number(second.size)));

  beforeEach(() => {
    const kept = new Map<string, string>();
    storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
    } as Storage;
    fetchProof.mockClear();
  });

  const seenSize = async () => (await lastSeen(storage, key))?.size;

  it('is the largest checkpoint that was shown', async () => {
    expect(await seenSize()).toBeUndefined();
    for (const [size, expected] of [[3, 3n], [7, 7n], [5, 7n], [7, 7n], [11, 11n]] as const) {
      expect((await accept(storage, key, checkpoint(size), fetchProof)).size).toBe(BigInt(size));
      expect(await seenSize()).toBe(expected);
    }
    const sizes = fetchProof.mock.calls.map((call) => call.map((it) => it.size));
    expect(sizes).toEqual([[3n, 7n], [5n, 7n], [7n, 11n]]);
  });

  it('shows a fork at the same size, with both checkpoints as evidence', async () => {
    await accept(storage, key, checkpoint(4), fetchProof);
    const problem = await accept(storage, key, vectors.forked, fetchProof).catch((e) => e);
    expect(problem).toBeInstanceOf(NotConsistent);
    expect(problem.seen.note).toBe(checkpoint(4));
    expect(problem.shown.note).toBe(vectors.forked);
    expect(await seenSize()).toBe(4n);
    expect((await lastSeen(storage, key))?.note).toBe(checkpoint(4));
  });

  it('shows a fork that no proof can bridge', async () => {
    await accept(storage, key, vectors.forked, fetchProof);
    await expect(accept(storage, key, checkpoint(9), fetchProof)).rejects.toThrow(NotConsistent);
    const wrong = async () => proof(3, 9);
    await expect(accept(storage, key, checkpoint(9), wrong)).rejects.toThrow('other checkpoints');
    const rubbish = async () => '{}';
    await expect(accept(storage, key, checkpoint(9), rubbish)).rejects.toThrow(NotConsistent);
    expect(await seenSize()).toBe(4n);
  });

  it('is no fork when the proof cannot be fetched', async () => {
    await accept(storage, key, checkpoint(3), fetchProof);
    const offline = async () => { throw new TypeError('network'); };
    await expect(accept(storage, key, checkpoint(9), offline)).rejects.toThrow(TypeError);
    expect(await seenSize()).toBe(3n);
  });

  it('is not forgotten when it was damaged', async () => {
    storage.setItem('kstati.ledger.ledger.example/1', 'rubbish');
    const why = await whyRefused(() => accept(storage, key, checkpoint(9), fetchProof));
    expect(why).toContain('saw of the ledger ledger.example/1 before');
    expect(storage.getItem('kstati.ledger.ledger.example/1')).toBe('rubbish');
  });
});

describe('a browser that cannot verify says so', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('on a page without https', async () => {
    vi.stubGlobal('crypto', {});
    const problem = await verifyReceipt(receipt, key).catch((e) => e);
    expect(problem).toBeInstanceOf(CannotVerify);
    expect(problem.reason).toBe('insecure_page');
    expect(problem.message).toContain('https');
  });

  it('without Ed25519', async () => {
    const { subtle } = globalThis.crypto;
    const importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'));
    vi.stubGlobal('crypto', {
      subtle: { digest: subtle.digest.bind(subtle), verify: subtle.verify.bind(subtle), importKey },
    });
    const problem = await verifyReceipt(receipt, key).catch((e) => e);
    expect(problem).toBeInstanceOf(CannotVerify);
    expect(problem.reason).toBe('no_ed25519');
    expect(problem.message).toContain('kstati ledger verify');
  });
});
