// What Vite adds to modules: stylesheets, and CSS modules with their class names.
/// <reference types="vite/client" />
