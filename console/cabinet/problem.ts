// SPDX-License-Identifier: Apache-2.0
import { TransportError } from '../api/client';
import { Refusal } from '../api/codec';
import { text } from '../ui/texts.svelte';

/** A failed call in words: what happened, where, what to do. */
export interface Problem {
  message: string;
  place: string;
  remedy: string;
}

export function describe(error: unknown): Problem {
  if (error instanceof Refusal) {
    const { message, place, remedy } = error.failure;
    return { message, place, remedy };
  }
  if (error instanceof TransportError) {
    const message =
      error.status === 0
        ? text('console.problem.no_answer')
        : text('console.problem.http', { status: String(error.status) });
    return { message, place: '', remedy: text('console.problem.no_answer_remedy') };
  }
  const place = error instanceof Error ? error.message : String(error);
  return {
    message: text('console.problem.unreadable'),
    place,
    remedy: text('console.problem.unreadable_remedy'),
  };
}
