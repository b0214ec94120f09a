import { render } from 'solid-js/web';
import { App } from './app.tsx';
import { createServices } from './kernel/services.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element #app');

const services = createServices();
render(() => <App services={services} />, root);
