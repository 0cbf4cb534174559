// SPDX-License-Identifier: Apache-2.0
//
// The browser, and what every page is held to: nothing wider than the screen, no finding of axe in
// light and dark, no error in the log.
import { readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const axeSource = readFileSync(axeFile, 'utf8');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// What another colour scheme can change.
const rulesOfColours = ['color-contrast', 'link-in-text-block'];

export const server = process.env.KSTATI_URL ?? 'http://127.0.0.1:8080';
const screenshots = process.env.KSTATI_SCREENSHOTS;
if (screenshots) mkdirSync(screenshots, { recursive: true });

export function launch() {
  return chromium.launch({
    executablePath: process.env.KSTATI_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}

/** A fresh visitor. `errors` collects what the page logs as an error. */
export async function visit(browser, language, width) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: language === 'ru' ? 'ru-RU' : 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const errors = [];
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { context, page, errors };
}

/** Waits until what the page fetches is shown. */
export async function settled(page) {
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('main [role=status] > [aria-hidden]'));
}

async function axeFindings(page, runOnly) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  return page.evaluate(async (runOnly) => {
    const { violations } = await globalThis.axe.run(document, { runOnly });
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  }, runOnly);
}

const strayPattern = new RegExp(
  '\\b(?:console|consent|notification|benefit|case|decision|term|reason)\\.[a-z][a-z_.-]*' +
    '|\\bundefined\\b|\\bNaN\\b|\\[object ',
  'g',
);

/** Words a reader should never meet: keys of texts without an entry, values that are not there.
    Rules and places are shown as code and may look so. */
async function strayWords(page) {
  const codes = await page.locator('code').allInnerTexts();
  let shown = await page.locator('body').innerText();
  for (const code of codes) shown = shown.replace(code, '');
  return [...new Set(shown.match(strayPattern) ?? [])];
}

/** Words of what is wider than the box it sits in. */
function overflowing(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('main article, main article *, main li, main fieldset, dialog')]
      .filter((it) => it.clientWidth > 0 && it.scrollWidth > it.clientWidth + 1)
      .filter((it) => !it.closest('button, a')) // their hidden words are clipped
      .map((it) => `${it.tagName} ${it.textContent.trim().slice(0, 50)}`),
  );
}

/** Checks the open page; `name` goes into the screenshots' names. */
export async function inspect(page, check, name) {
  await settled(page);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const findings = await axeFindings(page, colorScheme === 'light' ? axeTags : rulesOfColours);
    check(findings.length === 0, `${name}: axe, ${colorScheme}`, findings.join('\n    '));
    if (screenshots) {
      const path = join(screenshots, `${name.replaceAll(' ', '-')}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const [scroll, inner] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    window.innerWidth,
  ]);
  check(scroll === inner, `${name}: as wide as the screen`, `${scroll} px on ${inner} px`);
  const wide = await overflowing(page);
  check(wide.length === 0, `${name}: everything fits its box`, wide.join(' | '));
  const stray = await strayWords(page);
  check(stray.length === 0, `${name}: only words for a reader`, stray.join(', '));
}
