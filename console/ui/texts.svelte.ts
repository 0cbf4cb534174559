// SPDX-License-Identifier: Apache-2.0
//
// Words of the pages: ICU MessageFormat entries `console.*` of data/messages, one file per
// language, of which only the chosen one is fetched. Reading `text` or `language` in a template
// makes it follow the language switch.
import { IntlMessageFormat } from 'intl-messageformat';
import type russian from '../../data/messages/ru.json';

export type LanguageCode = 'ru' | 'en';
export type TextKey = Extract<keyof typeof russian, `console.${string}`>;
export type Arguments = Record<string, string | number>;

const kStorageKey = 'kstati.language';
const load: Record<LanguageCode, () => Promise<{ default: Record<string, string> }>> = {
  ru: () => import('virtual:texts/ru'),
  en: () => import('virtual:texts/en'),
};

const state = $state<{ code: LanguageCode; entries: Record<string, string> }>({
  code: 'ru',
  entries: {},
});
const formats = new Map<string, IntlMessageFormat>();

export const language = {
  get code(): LanguageCode {
    return state.code;
  },
};

/** The language chosen before, else the browser's, else Russian. */
export function preferredLanguage(): LanguageCode {
  const remembered = localStorage.getItem(kStorageKey);
  if (remembered === 'ru' || remembered === 'en') return remembered;
  const known = navigator.languages.find((tag) => /^(ru|en)\b/.test(tag));
  return known?.startsWith('en') ? 'en' : 'ru';
}

/** Fetches the words first, so that the page never shows half of each language. */
export async function setLanguage(code: LanguageCode): Promise<void> {
  state.entries = (await load[code]()).default;
  state.code = code;
  document.documentElement.lang = code;
  localStorage.setItem(kStorageKey, code);
}

/** The filled entry; the key itself when it is missing, so that a missing text is visible. */
export function text(key: TextKey, values: Arguments = {}): string {
  const pattern = state.entries[key];
  if (pattern === undefined) return key;
  const name = `${state.code} ${key}`;
  let format = formats.get(name);
  if (!format) formats.set(name, (format = new IntlMessageFormat(pattern, state.code)));
  return String(format.format(values));
}

/** "2026-03-15" in words; an empty string stays empty, an unreadable date is shown as it came. */
export function day(iso: string | undefined): string {
  return written(iso, { dateStyle: 'long', timeZone: 'UTC' });
}

/** An instant with its time of day, in the reader's own time zone. */
export function moment(iso: string | undefined): string {
  return written(iso, { dateStyle: 'long', timeStyle: 'short' });
}

/** From one day to another, without saying the month or the year twice. */
export function days(first: string, last: string): string {
  const [from, to] = [new Date(first), new Date(last)];
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return `${first} – ${last}`;
  return dateFormat({ dateStyle: 'long', timeZone: 'UTC' }).formatRange(from, to);
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(state.code === 'en' ? 'en-GB' : 'ru', options);
}

function written(iso: string | undefined, options: Intl.DateTimeFormatOptions): string {
  if (!iso) return '';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return dateFormat(options).format(date);
}
