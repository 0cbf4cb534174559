// SPDX-License-Identifier: Apache-2.0
//
// Calls to the service on behalf of the person, in the language of the page.
import { Client } from '../api/client';
import { Language } from '../api/generated/contract';
import type { CallContext, Calls } from '../api/generated/contract';
import { language } from '../ui/texts.svelte';

type Rest<T extends unknown[]> = T extends [CallContext, ...infer R] ? R : never;

const kTokenKey = 'kstati.token';
const client = new Client();

/** Kept for this tab only. */
export function rememberToken(token: string): void {
  if (token) sessionStorage.setItem(kTokenKey, token);
  else sessionStorage.removeItem(kTokenKey);
}

/** Reads the page's language, so what derives from the answer follows the language switch. */
export function ask<M extends keyof Calls>(
  method: M, ...rest: Rest<Calls[M]['args']>
): Promise<Calls[M]['result']> {
  const context: CallContext = { language: language.code === 'en' ? Language.EN : Language.RU };
  const token = sessionStorage.getItem(kTokenKey);
  if (token) context.token = token;
  return client.call(method, ...([context, ...rest] as unknown as Calls[M]['args']));
}
