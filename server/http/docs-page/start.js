// Its own file, since the server's content security policy allows no script inside a page.
globalThis.SwaggerUIBundle({
  domNode: document.querySelector('#page'),
  url: 'openapi.json',
  deepLinking: true,
  displayRequestDuration: true,
  // Nothing is asked of other servers.
  validatorUrl: null,
});
