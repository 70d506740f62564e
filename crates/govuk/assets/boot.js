// Says that script runs, before anything is drawn. It is loaded first thing in the body and is
// not deferred, so that nothing folds away before the reader's eyes.
document.body.className +=
  ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');
