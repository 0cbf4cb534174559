// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  decodeReply, decodeStruct, encodeCall, encodeStruct, ProtocolError, Refusal,
} from '../api/codec';
import { EventOutcome, structs, Truth, Verdict } from '../api/generated/contract';

const source = { act: 'fz_81', act_title: 'Закон', article: 'ст. 11', verification: 'confirmed' };
const missing = { attribute: 'family.income', name: 'Доход', source: 'fns', askable: false };
const fact = {
  attribute: 'child.birth_date', name: 'Дата рождения', value: '14 марта', citizen: '000000000025',
  source: 'ЕГР ЗАГС', valid_from: '2026-03-14', known_at: '2026-03-15T09:30:00Z',
};

/** What comes back after a trip over the wire as text. */
function roundTrip(name: string, value: unknown): unknown {
  return decodeStruct(name, JSON.parse(JSON.stringify(encodeStruct(name, value))));
}

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    return (error as Error).message;
  }
  throw new Error('was accepted');
}

const reply = (method: string, content: unknown, sequence = 7) =>
  JSON.stringify([1, method, 2, sequence, content]);

describe('structs keep their values over the wire', () => {
  const examples: [string, unknown][] = [
    ['a struct of strings', ['LegalSource', source]],
    ['booleans', ['MissingFact', { ...missing, askable: true }]],
    ['a struct in a struct', ['Sentence', { text: 'Родился ребёнок', source }]],
    ['an absent optional struct', ['Sentence', { text: 'Без ссылки' }]],
    ['absent optional scalars', ['CallContext', {}]],
    ['a union with one field set', ['Value', { boolean: false }]],
    ['an empty union', ['Value', {}]],
    ['an exception', ['Failure', { code: 2, message: 'a', place: 'b', remedy: 'c' }]],
    ['a 64 bit number', ['Notification', {
      sequence: 2 ** 53 - 1, citizen: '', at: '', title: '"\\\u2028', text: 'ё', case_id: '',
    }]],
    ['lists of structs, enums, lists of strings', ['CriterionOutcome', {
      id: 'a', text: 'b', outcome: Truth.UNKNOWN, source, ground: { id: '', text: '' },
      facts: [fact, fact], missing: [missing], rule: 'c', parameters: ['d', ''],
    }]],
    ['a map of lists and empty lists', ['RegistryEvent', {
      id: '1', source: 'egr_zags', type: 'event.child_born', subject: '000000000025',
      occurred_on: '2026-03-14', participants: { mother: ['000000000017'], father: [] },
      facts: [{ citizen: '', attribute: '', value: { number: '1.10' } }], relations: [],
    }]],
    ['an exception in a struct', ['EventReceipt', {
      id: '1', source: 's', outcome: EventOutcome.REFUSED, life_events: [], cases: [],
      failure: { code: 1, message: 'a', place: 'b', remedy: 'c' },
    }]],
  ].map(([what, example]) => [what as string, example]);

  it.each(examples)('%s', (_, example) => {
    const [name, value] = example as [string, unknown];
    expect(roundTrip(name, value)).toEqual(value);
  });

  it('every struct of the contract can be made from its metadata', () => {
    const sample = (type: unknown): unknown => {
      if (type === 'string') return 'x';
      if (type === 'bool') return true;
      if (typeof type === 'string') return 3;
      const inner = type as Record<string, never>;
      if (inner.enum) return 1;
      if (inner.map) return { key: sample(inner.map[1]) };
      if (inner.list) return [sample(inner.list)];
      return Object.fromEntries(structs[inner.struct!]!.map((f) => [f[1], sample(f[2])]));
    };
    for (const name of Object.keys(structs)) {
      const value = sample({ struct: name });
      expect(roundTrip(name, value)).toEqual(value);
    }
  });
});

describe('calls', () => {
  it('have the shape of TJSONProtocol', () => {
    const body = encodeCall('suggest', 7, [{ language: 2 }, '000000000017', 10]);
    const content = { 1: { rec: { 2: { i32: 2 } } }, 2: { str: '000000000017' }, 3: { i32: 10 } };
    expect(JSON.parse(body)).toEqual([1, 'suggest', 1, 7, content]);
  });

  it('write lists and maps with their types and counts', () => {
    expect(encodeStruct('RegistryEvent', {
      id: '', source: '', type: '', subject: '', occurred_on: '',
      participants: { mother: ['1', '2'] }, facts: [], relations: [],
    })).toMatchObject({
      6: { map: ['str', 'lst', 1, { mother: ['str', 2, '1', '2'] }] },
      7: { lst: ['rec', 0] },
    });
  });

  it('refuse an argument of another type, naming it', () => {
    const wrong = 5 as unknown as string;
    expect(problemOf(() => encodeCall('suggest', 1, [{}, wrong, 10]))).toContain('suggest.citizen');
    expect(problemOf(() => encodeCall('suggest', 1, [{}, '1', 2 ** 31]))).toContain('i32');
    expect(problemOf(() => encodeCall('suggest', 1, [{}, '1', 1.5]))).toContain('suggest.limit');
    expect(problemOf(() => encodeStruct('Sentence', {}))).toContain('Sentence.text');
  });
});

describe('replies', () => {
  const situations = (...items: unknown[]) => ({ 0: { lst: ['rec', items.length, ...items] } });

  it('give the result', () => {
    const content = { 0: { rec: encodeStruct('SuggestResult', {
      suggestions: [], as_of: '2026-03-16', catalogue_version: '1', model_version: '',
    }) } };
    expect(decodeReply('suggest', 7, reply('suggest', content)).as_of).toBe('2026-03-16');
  });

  it('give nothing for a call without a result', () => {
    expect(decodeReply('feedback', 7, reply('feedback', {}))).toBeUndefined();
  });

  it('throw the declared exception with all it says', () => {
    const failure = { code: 2, message: 'нет такого', place: 'suggest.citizen', remedy: 'иначе' };
    const body = reply('suggest', { 1: { rec: encodeStruct('Failure', failure) } });
    try {
      decodeReply('suggest', 7, body);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      expect((error as Refusal).failure).toEqual(failure);
    }
  });

  it('skip fields and kinds of answer that the contract does not know', () => {
    const known = encodeStruct('LegalSource', source) as object;
    const newer = { ...known, 99: { set: ['str', 1, 'x'] } };
    expect(decodeStruct('LegalSource', newer)).toEqual(source);
    const body = reply('feedback', { 9: { i32: 1 } });
    expect(decodeReply('feedback', 7, body)).toBeUndefined();
  });

  it('keep a value of an enum that the contract does not know', () => {
    const newer = { ...(encodeStruct('Explanation', {
      service_id: '', name: '', about: '', verdict: Verdict.LIKELY, criteria: [], grounds: [],
      conditions: [], missing: [], regulation_from: '', catalogue_version: '', valid_at: '',
      known_at: '', summary: [], rests_on_unconfirmed: false, changes: [],
    }) as object), 4: { i32: 9 } };
    expect(decodeStruct('Explanation', newer)).toMatchObject({ verdict: 9 });
  });

  it.each([
    ['text that is not JSON', '<html>', 'not JSON'],
    ['JSON that is not a message', '{}', 'not a message'],
    ['another protocol version', JSON.stringify([2, 'situations', 2, 7, {}]), 'version 2'],
    ['a call', JSON.stringify([1, 'situations', 1, 7, {}]), 'message type 1'],
    ['the answer to another call', reply('cases', situations()), 'answers cases'],
    ['the answer to an earlier call', reply('situations', situations(), 6), 'answers situations/6'],
    ['no result', reply('situations', {}), 'no result'],
    ['a result of another type', reply('situations', { 0: { str: 'x' } }), 'found str'],
    ['a list that is cut short', reply('situations', { 0: { lst: ['rec', 2] } }), '0 elements'],
    ['a list of another type', reply('situations', { 0: { lst: ['str', 1, 'x'] } }), 'type str'],
    ['a struct that is not one', reply('situations', situations('x')), 'situations.success[0]'],
    ['a struct without a field', reply('situations', situations({})), '[0].situation: is missing'],
    ['a struct that is null', reply('situations', { 0: null }), 'expected lst, found object'],
    ["the protocol's own exception",
      JSON.stringify([1, 'situations', 3, 7, { 1: { str: 'Invalid method' }, 2: { i32: 1 } }]),
      'Invalid method'],
    ['an exception without words', JSON.stringify([1, 'situations', 3, 7, []]), 'could not read'],
  ])('refuse %s', (_, body, words) => {
    expect(problemOf(() => decodeReply('situations', 7, body))).toContain(words);
  });

  it.each([
    ['a number too large to be exact', { 1: { i64: 2 ** 53 } }, 'cannot hold exactly'],
    ['a fraction', { 1: { i64: 1.5 } }, 'cannot hold exactly'],
    ['a number as text', { 1: { i64: '5' } }, 'expected a number, found string'],
  ])('refuse %s', (_, broken, words) => {
    expect(problemOf(() => decodeStruct('Notification', broken))).toContain(words);
  });

  it('refuse a boolean that is neither 1 nor 0', () => {
    const broken = { ...(encodeStruct('MissingFact', missing) as object), 4: { tf: true } };
    const problem = problemOf(() => decodeStruct('MissingFact', broken));
    expect(problem).toContain('askable: expected 1 or 0');
  });
});
