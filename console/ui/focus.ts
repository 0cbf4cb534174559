// SPDX-License-Identifier: Apache-2.0
//
// After a change of page the reader's place moves to its heading (or to the notice above it), as a
// full page load would do. `wanted` says that a move is due; whoever takes it clears it.
let wanted = false;

export function wantFocus(): void {
  wanted = true;
}

/** For `use:`: takes the place when a move is due, and asks again when the element goes away with
    it (a heading shown while the page loads). */
export function focusPlace(element: HTMLElement) {
  if (wanted) {
    wanted = false;
    element.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  return {
    destroy() {
      if (document.activeElement === element) wanted = true;
    },
  };
}
