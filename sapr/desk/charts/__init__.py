"""Charts as SVG: pure functions from numbers to shapes, which a template draws (docs/figures.md)."""

from sapr.desk.charts.bars import bars, stacked
from sapr.desk.charts.chart import Chart, Series
from sapr.desk.charts.lines import line
from sapr.desk.charts.strips import strips

__all__ = ["Chart", "Series", "bars", "line", "stacked", "strips"]
