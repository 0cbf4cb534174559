// SPDX-License-Identifier: Apache-2.0
//
// The browser's verifier on a token that the server's tests make too, and on all that differs.
import { describe, expect, it } from 'vitest';
import { NotVerified } from '../ledger/bytes';
import { verifyResultToken } from '../ledger/result';
import { readAbove } from './files';

const golden = JSON.parse(readAbove('tests/unit/cases/golden/result_token.json')) as {
  key: string;
  token: string;
};
const today = new Date('2026-03-21T09:00:00Z');
const other = 'ledger.example/1+c4d1f9d6+AROHXlmRh3J1wMCdWvkkVsD1SWKUo3OqlzhxVsGGRuTZ';

async function isRefused(token: string, key = golden.key, now = today): Promise<boolean> {
  try {
    await verifyResultToken(token, key, now);
    return false;
  } catch (problem) {
    expect(problem).toBeInstanceOf(NotVerified);
    return true;
  }
}

describe('a token of a result', () => {
  it('tells what the issuer signed', async () => {
    const verified = await verifyResultToken(`${golden.token}\n`, golden.key, today);
    expect(verified.claims.jti).toBe('R-000000000017-0001');
    expect(verified.claims.outputs).toEqual(['doc.snils_child']);
    expect(verified.endsAt.toISOString()).toBe('2026-04-19T09:00:00.000Z');
  });

  it('is refused before it begins, when it has ended, and with another key', async () => {
    expect(await isRefused(golden.token, golden.key, new Date('2026-03-20T08:59:59Z'))).toBe(true);
    expect(await isRefused(golden.token, golden.key, new Date('2026-04-19T09:00:00Z'))).toBe(true);
    expect(await isRefused(golden.token, other)).toBe(true);
  });

  it('is refused when a letter is another or it is cut', async () => {
    for (let place = 0; place < golden.token.length; place += 7) {
      const letter = golden.token[place] === 'A' ? 'B' : 'A';
      const changed = golden.token.slice(0, place) + letter + golden.token.slice(place + 1);
      expect(await isRefused(changed)).toBe(true);
      expect(await isRefused(golden.token.slice(0, place))).toBe(true);
    }
  });
});
