// SPDX-License-Identifier: Apache-2.0
//
// The address after # is #/CITIZEN/SECTION/ARGUMENT/..., every part percent-encoded. It is the only
// state of the cabinet that outlives a page, so "back", reload and a bookmark work.
import { wantFocus } from '../ui/focus';

export interface Route {
  /** Twelve digits; empty before sign-in. */
  citizen: string;
  section: string;
  rest: string[];
}

export interface Flash {
  title: string;
  text: string;
}

const kCitizen = /^\d{12}$/;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function parseRoute(hash: string): Route {
  const [citizen = '', section = '', ...rest] = hash.replace(/^#?\/?/, '').split('/').map(decode);
  if (!kCitizen.test(citizen)) return { citizen: '', section: '', rest: [] };
  return { citizen, section: section || 'situations', rest };
}

export function addressOf(citizen: string, ...parts: string[]): string {
  return `#/${[citizen, ...parts].map(encodeURIComponent).join('/')}`;
}

const current = $state<{ route: Route; flash: Flash | null }>({
  route: parseRoute(location.hash),
  flash: null,
});
let nextFlash: Flash | null = null;

export const route = {
  get citizen() {
    return current.route.citizen;
  },
  get section() {
    return current.route.section;
  },
  get rest() {
    return current.route.rest;
  },
  /** What the page before did; shown once. */
  get flash() {
    return current.flash;
  },
};

/** Address of a page of the citizen signed in. */
export function to(...parts: string[]): string {
  return addressOf(current.route.citizen, ...parts);
}

export function go(address: string, flash: Flash | null = null): void {
  nextFlash = flash;
  if (location.hash === address) show();
  else location.hash = address;
}

function show(): void {
  wantFocus();
  current.flash = nextFlash;
  nextFlash = null;
  current.route = parseRoute(location.hash);
}

/** Shows the outcome of a deed above the page that is already open. */
export function tell(flash: Flash | null): void {
  wantFocus();
  current.flash = flash;
}

export function followAddress(): void {
  window.addEventListener('hashchange', () => {
    if (location.hash.startsWith('#/') || location.hash === '') show();
  });
}
