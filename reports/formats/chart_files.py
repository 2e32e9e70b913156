"""The charts as files that go round alone: SVG, PNG, what they show in words, and the data."""

from reports.branding import Brand
from reports.charts.catalogue import pictures_of
from reports.charts.drawing import alone
from reports.charts.svg_text import without_words
from reports.formats.csv_tables import data_files
from reports.formats.typesetting import typeset
from reports.safe_pack import SafePack

WIDTH = 760  # pixels of the drawing


def render(pack: SafePack, brand: Brand) -> dict[str, bytes]:
    """The files by how their names end, as "-roles.svg". None where there is nothing to draw."""
    made: dict[str, bytes] = {}
    data = data_files(pack)
    for picture in pictures_of(pack):
        svg = picture.draw(WIDTH, look=alone(picture.source, brand.colour))
        words = {"finding": picture.finding, "alternative": picture.alternative}
        png = typeset(
            "chart.typ", words | without_words(svg), brand, at=pack.as_at, form="charts", is_picture=True
        )
        made[f"-{picture.name}.svg"] = svg.encode()
        made[f"-{picture.name}.png"] = png
        made[f"-{picture.name}.txt"] = f"{picture.finding}\n\n{picture.alternative}\n".encode()
        made[f"-{picture.name}.csv"] = data[f"-{picture.name}.csv"]
    return made
