// How the dashboard is built and, while one works on it, served beside a running Keyward.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Where `npm run dev` sends API calls: a real `keyward serve`, or anything that speaks openapi.json.
const server = process.env.KEYWARD_URL ?? 'http://127.0.0.1:8080';

// Keyward refuses what another site sends: the development server speaks for the address that Keyward has itself.
const proxied = { target: server, changeOrigin: true, headers: { origin: new URL(server).origin } };

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': proxied, '/docs': proxied } },
  build: {
    target: 'es2022',
    // The page's Content-Security-Policy allows nothing inline: every asset stays a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
