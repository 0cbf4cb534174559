// SPDX-License-Identifier: Apache-2.0
//
// A chain on a drawing of its days.
import { describe, expect, it } from 'vitest';
import type { ChainStep } from '../api/generated/contract';
import { drawChain } from '../cabinet/chainDates';

const step = (start: string, finish?: string, visit_days: string[] = []) =>
  ({ service_id: start, name: start, start, finish, visit_days }) as unknown as ChainStep;

describe('a chain on its days', () => {
  it('is as long as its days, one row a step', () => {
    const drawn = drawChain([
      step('2026-03-02', '2026-03-12', ['2026-03-02']),
      step('2026-03-12', '2026-03-22'),
    ]);
    const [first, second] = drawn.steps;
    expect(second!.x - first!.x).toBe(309);
    expect(first!.x + first!.width).toBe(second!.x + 6);
    expect(second!.y).toBeGreaterThan(first!.y);
    expect(first!.visits).toEqual([first!.x + 3]);
    expect(drawn.ticks[0]!.day).toBe('2026-03-02');
    expect(drawn.ticks.at(-1)!.day).toBe('2026-03-22');
  });

  it('keeps everything within the drawing', () => {
    const drawn = drawChain([
      step('2026-03-02', '2026-03-02'),
      step('2026-03-02', '2026-12-30', ['2026-12-30']),
      step('2026-06-01'),
    ]);
    for (const one of drawn.steps) {
      expect(one.x).toBeGreaterThanOrEqual(0);
      expect(one.width).toBeGreaterThan(0);
      expect(one.x + one.width).toBeLessThanOrEqual(drawn.width);
      expect(one.y).toBeLessThan(drawn.height);
      for (const visit of one.visits) expect(visit).toBeLessThanOrEqual(drawn.width);
    }
  });

  it('goes on to the edge where no end can be counted', () => {
    const drawn = drawChain([step('2026-03-02', '2026-03-03'), step('2026-03-03')]);
    expect(drawn.steps[1]!.x + drawn.steps[1]!.width).toBe(drawn.width - 8);
  });

  it('has a day of its own for each tick', () => {
    const days = drawChain([step('2026-03-02', '2026-03-03')]).ticks.map((tick) => tick.day);
    expect(days).toEqual(['2026-03-02', '2026-03-03']);
    expect(drawChain([step('2026-03-02', '2026-03-02')]).ticks).toHaveLength(2);
  });
});
