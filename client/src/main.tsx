import { render } from 'solid-js/web';
import { App } from './app.tsx';
import { onCleared } from './kernel/cleared.ts';
import { createServices } from './kernel/services.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element #app');

// Begun anew, it holds nothing of what the user had deleted in another tab.
onCleared(() => location.assign('/'));
const services = createServices();
render(() => <App services={services} />, root);
