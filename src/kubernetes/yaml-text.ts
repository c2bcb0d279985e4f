/** A module of its own, so that the library is loaded when something is written. */
import { stringify } from "yaml";

/** Without anchors, and with long lines left whole, as kubectl has it. */
export const yamlText = (value: unknown): string => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
