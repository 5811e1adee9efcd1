"""Pictures that a post's text places in a spoiler stand for the post nowhere else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("social", "0006_comment_reply_new")]

    operations = [
        migrations.AddField(
            model_name="postimage",
            name="is_covered",
            field=models.BooleanField(default=False, editable=False, verbose_name="in a spoiler"),
        ),
    ]
