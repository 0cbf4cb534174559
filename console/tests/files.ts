// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Paths of all files under a folder of the console, relative to it. */
export function filesIn(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
}

export const read = (path: string): string => readFileSync(root + path, 'utf8');
export const readBytes = (path: string): Buffer => readFileSync(root + path);

/** A file of the project, beside the console. */
export const readAbove = (path: string): string => readFileSync(`${root}../${path}`, 'utf8');
