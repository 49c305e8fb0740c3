from itertools import pairwise

from app.site.plots import Held, by_place

HISTORY = [
    Held("Haikou", 2020, True), Held("Haikou", 2021, True), Held("Beijing", 2022, True),
    Held("Munich", 2023, False), Held("Munich", 2025, False), Held("Haikou", 2025, True),
]  # fmt: skip


def test_nothing_held_draws_nothing() -> None:
    assert by_place([]) is None


def test_places_stand_in_the_order_in_which_they_came_and_years_side_by_side() -> None:
    plot = by_place(HISTORY)
    assert plot is not None
    assert [name for name, _ in plot.rows] == ["Haikou", "Beijing", "Munich"]
    assert [year for year, _ in plot.columns] == [2020, 2021, 2022, 2023, 2024, 2025]
    assert plot.without == (2024,)
    assert plot.table == (("Haikou", (2020, 2021, 2025)), ("Beijing", (2022,)), ("Munich", (2023, 2025)))


def test_every_dot_lies_on_its_place_and_year_and_inside_the_drawing() -> None:
    plot = by_place(HISTORY)
    assert plot is not None
    rows, columns = dict(plot.rows), dict(plot.columns)
    assert {(dot.x, dot.y, dot.is_forum) for dot in plot.dots} == {
        (columns[held.year], rows[held.place], held.is_forum) for held in HISTORY
    }
    assert all(plot.left < dot.x < plot.width and dot.y < plot.height for dot in plot.dots)


def test_two_in_one_year_and_place_lie_beside_each_other() -> None:
    plot = by_place([Held("Haikou", 2020, True), Held("Haikou", 2020, True)])
    assert plot is not None
    first, second = plot.dots
    assert second.x - first.x > 14


def test_many_years_keep_their_labels_apart() -> None:
    plot = by_place([Held("Haikou", 2000 + n, True) for n in range(30)])
    assert plot is not None
    places = [x for _, x in plot.columns]
    assert min(b - a for a, b in pairwise(places)) > 36
    assert plot.dots[-1].x < plot.width


def test_a_longer_name_gets_more_room() -> None:
    short, long = by_place([Held("Ulm", 2020, True)]), by_place([Held("Garmisch-Partenkirchen", 2020, True)])
    assert short is not None
    assert long is not None
    assert long.left > short.left + 100
