/** What Slack takes at most. Lengths are in UTF-16 units here, which is never less than Slack counts. */

/** https://docs.slack.dev/reference/block-kit/blocks */
export const maxBlocks = 50;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block and, for context blocks, /reference/block-kit/composition-objects/text-object */
export const maxText = 3_000;
/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
export const maxHeader = 150;
/** Of the `text` that notifications show; Slack advises less than 4,000. https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
export const maxFallback = 300;
/**
 * Of all blocks of a message as JSON. Not documented: Slack answers `msg_blocks_too_long` somewhere between 11,300 and 13,300.
 * https://github.com/slackapi/bolt-js/issues/2509
 */
export const maxTotal = 10_500;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const maxButtonText = 75;
/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export const maxConfirmTitle = 100;
export const maxConfirmText = 300;
/** Of a message; Slack takes 25 in a block. Our own. */
export const maxButtons = 10;
/** Of what stands in a button's place, which is less than the button was. Our own. */
export const maxAnswer = 300;
/** How many files one message gets in its thread. Our own. */
export const maxFiles = 10;
/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal */
export const maxFileName = 120;
