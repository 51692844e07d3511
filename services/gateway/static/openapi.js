// The page of the interfaces: nothing is asked from elsewhere, and no secret is kept in the browser.
"use strict";

const place = document.getElementById("interfaces");
SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  validatorUrl: null,
  persistAuthorization: false,
});
