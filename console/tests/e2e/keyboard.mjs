// SPDX-License-Identifier: Apache-2.0
//
// The cabinet without a mouse.
import { server, settled, visit } from './browser.mjs';

/** What has the focus: its tag, its words, whether the focus can be seen and where it is. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
      tag: element.tagName,
      id: element.id,
      words: element.textContent.trim().slice(0, 60),
      visible: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      inDialog: element.closest('dialog') !== null,
      top: box.top + window.scrollY,
      left: box.left,
      onScreen: box.width > 0 && box.bottom > 0 && box.top < window.innerHeight,
    };
  });
}

async function press(page, key) {
  await page.keyboard.press(key);
  return focused(page);
}

/** Tabs until `found`; undefined when it is not among the next `limit` stops. */
async function tabTo(page, found, limit = 80) {
  for (let step = 0; step < limit; ++step) {
    const stop = await press(page, 'Tab');
    if (found(stop)) return stop;
  }
  return undefined;
}

async function skipLink(page, check) {
  const first = await press(page, 'Tab');
  const isLink = first.tag === 'A' && first.onScreen;
  check(isLink, 'keyboard: the first stop is the skip link', first.words);
  const skipped = await press(page, 'Enter');
  check(skipped.id === 'main', 'keyboard: the skip link leads to the content', skipped.tag);
}

async function everyStop(page, check) {
  const stops = [];
  for (let step = 0; step < 40; ++step) {
    const stop = await press(page, 'Tab');
    if (stop.tag === 'BODY') break;
    stops.push(stop);
  }
  const unseen = stops.filter((stop) => !stop.visible || !stop.onScreen).map((stop) => stop.words);
  check(stops.length >= 5, 'keyboard: the content has stops', `${stops.length} stops`);
  check(unseen.length === 0, 'keyboard: the focus is visible at every stop', unseen.join(' | '));
  const backwards = stops.filter((stop, i) => i > 0 && stop.top < stops[i - 1].top - 60);
  const words = backwards.map((stop) => stop.words).join(' | ');
  check(backwards.length === 0, 'keyboard: stops follow the page downwards', words);
}

async function dialog(page, check) {
  const apply = page.locator('main article button').first();
  await apply.focus();
  const opener = await focused(page);
  const inside = await press(page, 'Enter');
  check(await page.locator('dialog[open]').isVisible(), 'keyboard: Enter opens the dialog', '');
  const stops = [inside];
  for (let step = 0; step < 4; ++step) stops.push(await press(page, 'Tab'));
  const escaped = stops.filter((stop) => !stop.inDialog && stop.tag !== 'BODY');
  check(escaped.length === 0, 'keyboard: the focus stays in the dialog', escaped[0]?.words ?? '');
  const after = await press(page, 'Escape');
  const closed = (await page.locator('dialog[open]').count()) === 0;
  const returned = closed && after.words === opener.words;
  check(returned, 'keyboard: Escape closes it and returns', after.words);
}

/** Gives a consent with Tab, Space, arrows and Enter alone. */
async function grant(page, check) {
  const submit = (stop) => stop.tag === 'BUTTON' && /consent/i.test(stop.words);
  await tabTo(page, submit);
  const summary = await press(page, 'Enter');
  const named = /Check your answers/.test(summary.words);
  check(named, 'keyboard: an empty form leads to the errors', summary.words);
  await press(page, 'Tab');
  const first = await press(page, 'Enter');
  check(first.id === 'scope', 'keyboard: an error leads to its question', first.id);
  await page.keyboard.press('ArrowUp'); // from the first answer round to the last: everything
  await tabTo(page, (stop) => stop.id === 'until');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, submit);
  await page.keyboard.press('Enter');
  await page.waitForURL(/consents$/);
  const notice = await focused(page);
  const told = /Consent is given/.test(notice.words);
  check(told, 'keyboard: the outcome is where the reader is', notice.words);
}

export async function keyboardWalk(browser, citizen, check) {
  const { context, page, errors } = await visit(browser, 'en', 1280);
  await page.goto(`${server}/#/${citizen}/suggestions`);
  await settled(page);
  await skipLink(page, check);
  await everyStop(page, check);
  await dialog(page, check);
  await page.goto(`${server}/#/${citizen}/consents/new`);
  await settled(page);
  await page.waitForSelector('#scope');
  await grant(page, check);
  await settled(page);

  const revoke = page.locator('article a[href$="/revoke"]').first();
  await revoke.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/revoke$/);
  await settled(page);
  const heading = await focused(page);
  check(heading.tag === 'H1', 'keyboard: a new page starts at its heading', heading.tag);
  await page.waitForSelector('#reason');
  await tabTo(page, (stop) => stop.tag === 'BUTTON' && /Withdraw/.test(stop.words));
  await page.keyboard.press('Enter');
  await page.waitForURL(/consents$/);
  check(errors.length === 0, 'keyboard: nothing in the error log', errors.join('\n    '));
  await context.close();
}
