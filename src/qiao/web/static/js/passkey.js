// Says on the page that a passkey did not work; what the library dispatches would only stand in the console.
document.addEventListener('allauth.error', (event) => {
  const note = document.querySelector('[data-passkey-error]')
  if (!note) return
  event.preventDefault()
  note.hidden = false
})
