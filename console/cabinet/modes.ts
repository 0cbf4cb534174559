// SPDX-License-Identifier: Apache-2.0
import { Mode } from '../api/generated/contract';
import { text, type TextKey } from '../ui/texts.svelte';

const whoActs: Record<Mode, TextKey> = {
  [Mode.ON_REQUEST]: 'console.mode.on_request',
  [Mode.PROACTIVE_INFORM]: 'console.mode.inform',
  [Mode.PROACTIVE_PREPARE]: 'console.mode.prepare',
  [Mode.PROACTIVE_ACT]: 'console.mode.act',
};

/** Who makes the next step, in words. */
export function whoActsIn(mode: Mode): string {
  return text(whoActs[mode] ?? whoActs[Mode.ON_REQUEST]);
}
