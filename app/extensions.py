"""Unbound extension objects; `create_app` binds them."""

from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from app.database import Base

database = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
