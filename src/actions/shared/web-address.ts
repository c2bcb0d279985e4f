/** Whether a text that came from outside can be linked to: `javascript:` and the like cannot. */
export const isWebAddress = (url: string | undefined): url is string =>
  url !== undefined && URL.canParse(url) && /^https?:/i.test(url);
