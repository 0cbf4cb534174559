// SPDX-License-Identifier: Apache-2.0
//
// Drawings of the catalogue, which the server makes for everybody alike.
import { TransportError } from '../api/client';
import { language } from '../ui/texts.svelte';

export interface PictureRow {
  service: string;
  name: string;
  needs: string[];
  one_of: string[];
  gives: string[];
}

export interface Picture {
  title: string;
  description: string;
  rows: PictureRow[];
}

/** Where a situation is drawn, in the language of the page. */
export function pictureAddress(situation: string, format: 'svg' | 'json'): string {
  return `/picture/situation/${encodeURIComponent(situation)}.${format}?language=${language.code}`;
}

/** The same in words. Reads the page's language, so what derives from it follows the switch. */
export async function pictureOf(situation: string): Promise<Picture> {
  const response = await fetch(pictureAddress(situation, 'json')).catch(() => {
    throw new TransportError(0);
  });
  if (!response.ok) throw new TransportError(response.status);
  return (await response.json()) as Picture;
}
