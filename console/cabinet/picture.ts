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

/** The services of a situation, or a service with what surrounds it so many steps far. */
export type View = { situation: string } | { service: string; hops: number };

/** Where it is drawn, in the language of the page. */
export function pictureAddress(view: View, format: 'svg' | 'json'): string {
  const of = 'service' in view ? ['service', view.service] : ['situation', view.situation];
  const hops = 'service' in view ? `&hops=${view.hops}` : '';
  return `/picture/${of.map(encodeURIComponent).join('/')}.${format}?language=${language.code}${hops}`;
}

/** The same in words. Reads the page's language, so what derives from it follows the switch. */
export async function pictureOf(view: View): Promise<Picture> {
  const response = await fetch(pictureAddress(view, 'json')).catch(() => {
    throw new TransportError(0);
  });
  if (!response.ok) throw new TransportError(response.status);
  return (await response.json()) as Picture;
}
