// SPDX-License-Identifier: Apache-2.0
//
// The words a person consents to. A change of any `console.consent_text.*` entry needs a new
// version: the record of a consent names the version, and the words of a version never change.
import type { ConsentGrant } from '../api/generated/contract';
import { day, text } from '../ui/texts.svelte';

export const kConsentTextVersion = 'cabinet-3';
const kChannel = 'portal';

export interface Answers {
  scope: string;
  service: string;
  situation: string;
  until: string;
  /** Last day of validity when `until` is "date". */
  date: string;
}

/** Questions still to answer, in the order of the page. `id` is the element to go to. */
export function missingAnswers(answers: Answers): { id: string; problem: string }[] {
  const missing: { id: string; problem: string }[] = [];
  if (!answers.scope) missing.push({ id: 'scope', problem: text('console.grant.no_scope') });
  if (answers.scope === 'service' && !answers.service) {
    missing.push({ id: 'service', problem: text('console.grant.no_service') });
  }
  if (answers.scope === 'situation' && !answers.situation) {
    missing.push({ id: 'situation', problem: text('console.grant.no_situation') });
  }
  if (!answers.until) missing.push({ id: 'until', problem: text('console.grant.no_until') });
  if (answers.until === 'date' && !answers.date) {
    missing.push({ id: 'date', problem: text('console.grant.no_date') });
  }
  return missing;
}

/** The text shown above the button, as far as the answers decide it. */
export function statement(answers: Answers, service: string, situation: string): string[] {
  if (missingAnswers(answers).length > 0) return [text('console.grant.text_pending')];
  const scope =
    answers.scope === 'service'
      ? text('console.consent_text.service', { name: service })
      : answers.scope === 'situation'
        ? text('console.consent_text.situation', { name: situation })
        : text('console.consent_text.everything');
  const deed = text('console.consent_text.start', { scope });
  const until =
    answers.until === 'date'
      ? text('console.consent_text.until', { day: day(answers.date) })
      : text('console.consent_text.until_revocation');
  return [deed, text('console.consent_text.data'), until, text('console.consent_text.withdraw')];
}

export function grantOf(answers: Answers, citizen: string): ConsentGrant {
  const grant: ConsentGrant = {
    citizen,
    scope: {
      purpose: 'proactive-start',
      service_id: answers.scope === 'service' ? answers.service : '',
      situation: answers.scope === 'situation' ? answers.situation : '',
    },
    text_version: kConsentTextVersion,
    channel: kChannel,
  };
  if (answers.until === 'date') grant.valid_to = answers.date;
  return grant;
}
