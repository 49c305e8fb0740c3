from flask import Flask


def test_the_command_says_what_it_created_and_the_second_time_that_there_is_nothing_to_do(app: Flask) -> None:
    runner = app.test_cli_runner()
    first, second = runner.invoke(args=["seed"]), runner.invoke(args=["seed"])
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "6 editions" in first.output
    assert second.output == "The history is there already; nothing to do.\n"
