// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { kConsentTextVersion } from '../cabinet/consent_text';
import { filesIn, read } from './files';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
const languages = ['ru', 'en'] as const;
const kArgumentKinds: number[] = [1, 2, 3, 4, 5, 6];

function entriesOf(language: string): Record<string, string> {
  const file = new URL(`../../data/messages/${language}.json`, import.meta.url);
  const all = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
  return Object.fromEntries(all.filter(([key]) => key.startsWith('console.')));
}

/** Names of the arguments that a pattern takes, in choices too. */
function argumentsOf(elements: Element[]): string[] {
  return elements.flatMap((element) => {
    const own = kArgumentKinds.includes(element.type) && 'value' in element ? [element.value] : [];
    const choices = 'options' in element ? Object.values(element.options) : [];
    return [...own, ...choices.flatMap((choice) => argumentsOf(choice.value))];
  });
}

const parsed = (pattern: string, language: string) =>
  [...new Set(argumentsOf(new IntlMessageFormat(pattern, language).getAst()))].sort();

describe('texts', () => {
  const [russian, english] = [entriesOf('ru'), entriesOf('en')];

  it('exist in both languages', () => {
    expect(Object.keys(russian)).toEqual(Object.keys(english));
    expect(Object.values({ ...russian, ...english }).filter((words) => !words.trim())).toEqual([]);
  });

  it('take the same arguments in both languages', () => {
    const differing = Object.keys(russian).filter(
      (key) => parsed(russian[key]!, 'ru').join() !== parsed(english[key]!, 'en').join(),
    );
    expect(differing).toEqual([]);
  });

  it('are Russian in the Russian file and contain no Russian in the English one', () => {
    expect(Object.entries(english).filter(([, words]) => /[а-яё]/i.test(words))).toEqual([]);
    const latin = Object.entries(russian).filter(([, words]) => {
      const plain = words.replace(/\{\w+(, plural,)?|\b(one|few|many|other)\b/g, '');
      return !/[а-яё№]/i.test(plain) && /[a-z]/i.test(plain);
    });
    expect(latin).toEqual([]);
  });

  it.each([
    [1, '1 визит'], [2, '2 визита'], [5, '5 визитов'], [21, '21 визит'],
  ])('count %i in Russian as %s', (count, words) => {
    expect(new IntlMessageFormat(russian['console.visits']!, 'ru').format({ count })).toBe(words);
  });

  it('are all in use', () => {
    const code = filesIn('cabinet').map(read).join('\n');
    expect(Object.keys(russian).filter((key) => !code.includes(`'${key}'`))).toEqual([]);
  });

  it('of a consent change only together with its version', () => {
    const hash = createHash('sha256');
    for (const language of languages) {
      const words = Object.entries(entriesOf(language)).sort();
      hash.update(JSON.stringify(words.filter(([key]) => key.startsWith('console.consent_text.'))));
    }
    expect([kConsentTextVersion, hash.digest('hex').slice(0, 16)]).toMatchInlineSnapshot(`
      [
        "cabinet-3",
        "e0c2e36ddfaf3a2a",
      ]
    `);
  });
});
