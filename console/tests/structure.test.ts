// SPDX-License-Identifier: Apache-2.0
//
// What the folders promise each other, and the weight of the built page.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { filesIn, read, readBytes } from './files';

const kScriptBudget = 60 * 1024;
const kLaterBudget = 10 * 1024;
const kStyleBudget = 30 * 1024;
const kComponentBudget = 20;

const importing = (folder: string, what: RegExp) =>
  filesIn(folder).filter((path) => what.test(read(path)));

describe('looks live in ui/ alone', () => {
  it('pages name no class and no style', () => {
    const dressed = filesIn('cabinet')
      .filter((path) => path.endsWith('.svelte'))
      .filter((path) => /\sclass[=:]|\sstyle[=:]|<style/.test(read(path)));
    expect(dressed).toEqual([]);
  });

  it('ui/ has few components and knows nothing of the service', () => {
    const components = filesIn('ui').filter((path) => path.endsWith('.svelte'));
    expect(components.length).toBeLessThanOrEqual(kComponentBudget);
    expect(importing('ui', /from '\.\.\/(api|cabinet)/)).toEqual([]);
  });

  it('api/ knows nothing of pages', () => {
    expect(importing('api', /from '\.\.\/(ui|cabinet)/)).toEqual([]);
  });

  it('ledger/ knows nothing of pages and calls, and shares no code with them', () => {
    expect(importing('ledger', /from '(?!\.\/)/)).toEqual([]);
  });

  it('components are in use', () => {
    const code = [...filesIn('cabinet'), ...filesIn('ui')].map(read).join('\n');
    const all = [...filesIn('ui'), ...filesIn('cabinet')].filter((p) => p.endsWith('.svelte'));
    const unused = all.filter((path) => !code.includes(`/${path.split('/').at(-1)}'`));
    expect(unused).toEqual([]);
  });
});

describe('the built page', () => {
  const built = filesIn('dist');
  const zipped = (path: string) => gzipSync(readBytes(path)).length;
  const scripts = built.filter((path) => path.endsWith('.js'));
  const words = (language: string) => scripts.filter((path) => path.includes(`/${language}-`));
  /** What the page needs before anything is opened: its script and what that imports at once. */
  function atOnce(): string[] {
    const found = [...read('dist/index.html').matchAll(/src="\.\/(assets\/[^"]+\.js)"/g)];
    const paths = found.map((match) => `dist/${match[1]}`);
    for (const path of paths) {
      for (const [, name] of read(path).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
        if (!paths.includes(`dist/assets/${name}`)) paths.push(`dist/assets/${name}`);
      }
    }
    return paths;
  }
  const sum = (paths: string[]) => paths.reduce((total, path) => total + zipped(path), 0);

  it('keeps each language in a script of its own', () => {
    expect(words('ru')).toHaveLength(1);
    expect(words('en')).toHaveLength(1);
  });

  it.each(['ru', 'en'])('has at most 60 KiB of script, compressed, in %s', (language) => {
    expect(atOnce().length).toBeGreaterThan(0);
    expect(sum([...atOnce(), ...words(language)])).toBeLessThanOrEqual(kScriptBudget);
  });

  it('fetches what few visits need when it is opened, and little at a time', () => {
    const known = [...atOnce(), ...words('ru'), ...words('en')];
    const later = scripts.filter((path) => !known.includes(path));
    expect(later.length).toBeGreaterThan(0);
    expect(later.filter((path) => zipped(path) > kLaterBudget)).toEqual([]);
  });

  it('has at most 30 KiB of style, compressed', () => {
    const styles = built.filter((path) => path.endsWith('.css'));
    expect(styles.length).toBeGreaterThan(0);
    expect(sum(styles)).toBeLessThanOrEqual(kStyleBudget);
  });

  it('loads nothing from elsewhere', () => {
    const page = read('dist/index.html');
    expect(page).toContain('Content-Security-Policy');
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
    expect(addresses.filter((address) => !address?.startsWith('./'))).toEqual([]);
    const styles = built.filter((path) => path.endsWith('.css'));
    expect(styles.filter((path) => /@import|https?:/.test(read(path)))).toEqual([]);
  });

  it('and its dependencies are recorded without a registry', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/[^"]*registry/);
    const versions: string[] = Object.values(JSON.parse(read('package.json')).devDependencies);
    expect(versions.filter((version) => !/^\d/.test(version))).toEqual([]);
  });
});
