/** VitePress's own theme, and what diagrams and wide tables need. */
import './style.css';

export { default } from 'vitepress/theme';
