/** The signature debugger: a page that explains refusals and shows the stages of a signature, and sends nothing. */
import { wireShowButtons } from './elements.js';
import { wireRefusalPanel } from './refusal-panel.js';
import { wireSigningPanel } from './signing-panel.js';
import { wireTabs } from './tabs.js';

wireTabs();
wireShowButtons();
wireRefusalPanel();
wireSigningPanel();
