// SPDX-License-Identifier: Apache-2.0
//
// The profile names people by number; the person signed in knows them as "your child".
import type { ProfileRelation } from '../api/generated/contract';
import { text } from '../ui/texts.svelte';
import { route } from './route.svelte';
import { ask } from './service';

const state = $state<{ relations: ProfileRelation[] }>({ relations: [] });

/** Without relations people are shown by number, so a failure here is no failure of the page. */
export async function meetPeople(citizen: string): Promise<void> {
  state.relations = [];
  if (!citizen) return;
  try {
    const { relations } = await ask('profile', citizen, '', '');
    if (route.citizen === citizen) state.relations = relations;
  } catch {
    state.relations = [];
  }
}

/** "000000000017" as it is printed: in groups of four. */
export function spaced(citizen: string): string {
  return citizen.replace(/(\d{4})(?=\d)/g, '$1\u00a0');
}

/** Whom something is about, as seen by the person signed in. */
export function person(citizen: string): string {
  if (!citizen || citizen === route.citizen) return text('console.person.you');
  const number = spaced(citizen);
  const relation = state.relations.find((r) => r.citizen === citizen);
  switch (relation && `${relation.kind}.${relation.inbound ? 'of_you' : 'you_are'}`) {
    case 'parent.you_are':
      return text('console.person.child', { number });
    case 'parent.of_you':
      return text('console.person.parent', { number });
    case 'guardian.you_are':
      return text('console.person.ward', { number });
    case 'guardian.of_you':
      return text('console.person.guardian', { number });
    case 'spouse.you_are':
    case 'spouse.of_you':
      return text('console.person.spouse', { number });
    case 'household.you_are':
    case 'household.of_you':
      return text('console.person.household', { number });
    default:
      return text('console.person.other', { number });
  }
}

export function isSomeoneElse(citizen: string): boolean {
  return citizen !== '' && citizen !== route.citizen;
}
