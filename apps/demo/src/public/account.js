const response = await fetch('/api/account');
if (response.status === 401) {
  location.replace('/');
} else if (response.ok) {
  const { phoneNumber, signedInAt } = await response.json();
  const time = new Date(signedInAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  document.getElementById('who').textContent = `Signed in as ${phoneNumber} at ${time}`;
}
