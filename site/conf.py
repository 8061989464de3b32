"""How Sphinx makes the website; python noxfile.py site runs it."""

import os
import sys
from pathlib import Path

import emlib

sys.path.append(str(Path(__file__).parent))  # for words.py

project = html_title = "The EM notebooks"
author = "The EM notebooks developers"
copyright = f"{author}: text and pictures CC BY 4.0, code BSD 3-Clause"
version = release = emlib.__version__
extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinxext.opengraph",
    "words",
]
exclude_patterns = ["_included", "_extra", "look", "templates"]

nb_execution_mode = "off"  # the outputs are those that the notebooks were saved with
nb_mime_priority_overrides = [("html", "application/vnd.emlib.report+json", None)]
nb_code_prompt_show = "Show the {type}"
nb_code_prompt_hide = "Hide the {type}"
suppress_warnings = ["mystnb.unknown_mime_type"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3

default_role = "literal"  # what docstrings put between single backticks
autosummary_generate = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the parameters are described in words
numpydoc_show_class_members = False
nitpicky = True

html_theme = "furo"
pygments_dark_style = "a11y-high-contrast-dark"  # the theme's own underlines what is no link
templates_path = ["templates"]
html_favicon = "look/icon.svg"
html_static_path = ["look"]
html_extra_path = ["_extra"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
mathjax_path = "mathjax/tex-chtml.js"  # served by the site itself
mathjax3_config = {"options": {"enableMenu": False}}  # it would ask for parts that are not served
html_theme_options = {"top_of_page_buttons": [], "footer_icons": []}

# For link previews, which need whole addresses: the forge knows the site's.
ogp_site_url = html_baseurl = os.environ.get("SITE_URL", "")
ogp_site_name = project
ogp_image = "_static/preview.png"
ogp_image_alt = "A stepper: heads and tails of five rows flow to two coins"
ogp_social_cards = {"enable": False}
ogp_enable_meta_description = True
