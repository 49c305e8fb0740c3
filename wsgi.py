"""What the server serves and `flask` finds."""

import gc

from app import create_app

app = create_app()

# What is here now stays as long as the process. The collector would walk all of it, 180,000 objects, again and again:
# a tenth of a second each time, in the middle of somebody's request.
gc.collect()
gc.freeze()
