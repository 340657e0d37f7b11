"""The web server: gunicorn's threads, none of which waits for a stranger.

`reception` receives heads and short bodies without a thread, `pace` gives up on long bodies that do
not come on, `worker` puts both into gunicorn.
"""
