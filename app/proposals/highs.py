"""HiGHS, asked for the best of a table. It runs outside Python's lock, so that others in the process go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.proposals.milp import Table

Asks = Callable[[float, float], bool]
"""Told the points of the best so far and the bound; answers whether to stop."""


@dataclass(frozen=True, slots=True)
class Found:
    values: Sequence[float] | None
    """Of the columns; None where not even one solution was found in time."""
    points: float
    bound: float
    """No solution costs less."""
    is_best: bool


FOR_THE_BOUND = {
    "mip_lp_solver": "ipm", "mip_heuristic_effort": 0.0, "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False, "mip_heuristic_run_root_reduced_cost": False,
}  # fmt: skip
"""No search for solutions. The interior point finds the bound of a large table in half the time, and looks up meanwhile."""


def best(
    table: Table, *, begin: Sequence[int], seconds: float, seed: int, heard: Asks, only_bound: bool = False
) -> Found:
    """Begins at the solution with these whole columns at one, and looks for a better one as long as it may."""
    import highspy

    solver = highspy.Highs()
    options: dict[str, Any] = {
        "output_flag": False, "threads": 1, "parallel": "off", "random_seed": seed, "time_limit": max(0.05, seconds),
        "mip_rel_gap": 0.0, "mip_abs_gap": 0.99, **(FOR_THE_BOUND if only_bound else {}),
    }  # fmt: skip
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(highspy, table))
    ones = set(begin)
    whole = [column for column, is_whole in enumerate(table.whole) if is_whole]
    if ones:
        solver.setSolution(len(whole), whole, [float(column in ones) for column in whole])

    def interrupt(event: Any) -> None:
        if heard(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound):
            event.interrupt()

    for call in (solver.cbMipInterrupt, solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
        call.subscribe(interrupt)
    solver.run()
    return _found(highspy, solver)


def _found(highspy: Any, solver: Any) -> Found:
    info, status = solver.getInfo(), solver.getModelStatus()
    there = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    is_best = status == highspy.HighsModelStatus.kOptimal
    values = list(solver.getSolution().col_value) if there else None
    return Found(values, info.objective_function_value, info.mip_dual_bound, is_best)


def _model(highspy: Any, table: Table) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(table.costs), len(table.limits)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = table.costs, table.lowers, table.uppers
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in table.whole]
    lp.row_lower_, lp.row_upper_ = table.least, table.limits
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = table.begins, table.indices, table.values
    return lp
