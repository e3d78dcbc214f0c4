import pytest

from monitor.events.parameters import JudgeParameters, MotionParameters, PictureParameters
from tests.events.given import usual_limits


@pytest.fixture
def judge_parameters() -> JudgeParameters:
    return usual_limits()


@pytest.fixture
def motion_parameters(judge_parameters: JudgeParameters) -> MotionParameters:
    return judge_parameters.motion


@pytest.fixture
def picture_parameters(judge_parameters: JudgeParameters) -> PictureParameters:
    return judge_parameters.picture
