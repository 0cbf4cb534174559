// SPDX-License-Identifier: Apache-2.0
//
// Where the steps of a chain stand on a drawing of its days.
import type { ChainStep } from '../api/generated/contract';

export interface DrawnStep {
  step: ChainStep;
  /** Of the bar, from the left. */
  x: number;
  width: number;
  /** Of the row, from above. */
  y: number;
  /** Days on which the person comes. */
  visits: number[];
}

export interface Tick {
  day: string;
  x: number;
}

export interface DrawnChain {
  steps: DrawnStep[];
  ticks: Tick[];
  width: number;
  height: number;
}

const kWidth = 640;
const kHead = 24;
const kRow = 40;
const kMargin = 8;
const kLeastBar = 6;
const kTicks = 3;
const kDay = 86_400_000;

const dayOf = (iso: string) => Math.round(Date.parse(iso) / kDay);
const isoOf = (day: number) => new Date(day * kDay).toISOString().slice(0, 10);

/** The steps, each a bar below the other, in the order in which they come. A step whose end nobody
    can count yet goes on to the edge. */
export function drawChain(steps: ChainStep[]): DrawnChain {
  const starts = steps.map((step) => dayOf(step.start));
  const ends = steps.map((step, i) => (step.finish ? dayOf(step.finish) : starts[i]!));
  const first = Math.min(...starts);
  const span = Math.max(...ends, first + 1) - first;
  const at = (day: number) =>
    Math.round(kMargin + ((day - first) * (kWidth - 2 * kMargin - kLeastBar)) / span);
  const drawn = steps.map((step, i) => {
    const x = at(starts[i]!);
    const end = step.finish ? at(ends[i]!) + kLeastBar : kWidth - kMargin;
    const visits = step.visit_days.map((visit) => at(dayOf(visit)) + kLeastBar / 2);
    return { step, x, width: Math.max(end - x, kLeastBar), y: kHead + i * kRow, visits };
  });
  const count = Math.min(kTicks, span);
  const ticks = Array.from({ length: count + 1 }, (_, i) => {
    const day = first + Math.round((i * span) / count);
    return { day: isoOf(day), x: at(day) };
  });
  return { steps: drawn, ticks, width: kWidth, height: kHead + steps.length * kRow };
}
