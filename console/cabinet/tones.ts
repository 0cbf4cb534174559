// SPDX-License-Identifier: Apache-2.0
import { Verdict } from '../api/generated/contract';
import type { Tone } from '../ui/tone';

const verdicts: Record<Verdict, Tone> = {
  [Verdict.ELIGIBLE]: 'good',
  [Verdict.NOT_ELIGIBLE]: 'bad',
  [Verdict.UNDETERMINED]: 'maybe',
  [Verdict.LIKELY]: 'info',
};

export const toneOf = (verdict: Verdict): Tone => verdicts[verdict] ?? 'plain';

const statuses: Record<string, Tone> = {
  announced: 'info',
  offered: 'maybe',
  started: 'info',
  inter_agency: 'info',
  done: 'good',
  stopped: 'plain',
  declined: 'plain',
  erased: 'plain',
  suspended: 'maybe',
  information_asked: 'maybe',
  being_assessed: 'info',
  waiting_for_place: 'info',
  with_official: 'info',
  granted: 'good',
  refused: 'bad',
  annulled: 'plain',
  withdrawn: 'plain',
};

export const toneOfStatus = (status: string): Tone => statuses[status] ?? 'plain';

/** A case that waits for the person: it can be confirmed or declined. */
export function waitsForPerson(status: string): boolean {
  return status === 'announced' || status === 'offered';
}

/** A case that nothing more will happen to. */
export function isClosed(status: string): boolean {
  return ['done', 'stopped', 'declined', 'erased', 'refused', 'annulled', 'withdrawn'].includes(
    status,
  );
}
