// SPDX-License-Identifier: Apache-2.0
declare module 'virtual:texts/*' {
  const entries: Record<string, string>;
  export default entries;
}
