"""Prints what is wrong with each photo of a folder: `python check_folder.py FOLDER`."""

import sys

import gradphoto


def main(folder: str) -> None:
    checker = gradphoto.Checker(lang="zh")
    for result in checker.check_many(folder):
        if isinstance(result, Exception):
            print(f"无法读取：{result.message('zh') if isinstance(result, gradphoto.Error) else result}")
        elif result.verdict != gradphoto.Verdict.PASS:
            print(f"{result.photo}：{result.verdict}")
            for reason in result.reasons():
                print(f"    {reason}")


if __name__ == "__main__":
    main(sys.argv[1])
